/**
 * The Python between a server and the app: it loads the app and tells it what only we know of a request, in the words of
 * WSGI and ASGI: where it is mounted, and who asks for what by which scheme. Servers have ways of their own for some of
 * that, each another one; this is the same for all. It is written beside the socket when the program is started.
 */

/** The field that carries it, from us alone; a copy that a client sends is dropped. */
export const TOLD = 'Turnabout-Told';

/** What it says when we ask whether the app is loaded; the shim itself answers. */
export const READY = 'ready=1';

const LOADER = `"""Made by Turnabout: loads an app and tells it where it is mounted, and who asks."""
import importlib
import os
import sys
from urllib.parse import parse_qsl, unquote, unquote_to_bytes


def load(spec, default):
    module, _, name = spec.partition(':')
    found = importlib.import_module(module)
    for part in (name or default).removesuffix('()').split('.'):
        found = getattr(found, part)
    return found() if name.endswith('()') else found


def told(text):
    return dict(parse_qsl(text, keep_blank_values=True))


sys.path.insert(0, os.getcwd())
`;

/** `SCRIPT_NAME`, `REMOTE_ADDR` and the rest (PEP 3333). */
export const WSGI_SHIM: string = `${LOADER}
inner = load(os.environ['TURNABOUT_APP'], 'application')


def head_alone(environ, start_response):
    """An app may answer HEAD as GET. gunicorn sends the body, too, where the next answer is expected."""
    def start(*words):
        start_response(*words)
        return lambda data: None
    body = inner(environ, start)
    try:
        # A generator names its status when its first piece is asked for.
        next(iter(body), None)
    finally:
        if hasattr(body, 'close'):
            body.close()
    return []


def app(environ, start_response):
    facts = told(environ.pop('HTTP_TURNABOUT_TOLD', ''))
    if 'ready' in facts:
        start_response('204 No Content', [])
        return []
    if facts:
        environ['SCRIPT_NAME'] = unquote_to_bytes(facts['mount']).decode('latin-1')
        environ['REMOTE_ADDR'] = facts['address']
        environ['REMOTE_PORT'] = facts['port']
        environ['wsgi.url_scheme'] = facts['scheme']
        environ['SERVER_NAME'] = facts['host']
        environ['SERVER_PORT'] = facts['hostport']
        environ['REQUEST_URI'] = environ['RAW_URI'] = facts['mount'] + facts['target']
        environ.pop('HTTPS', None)
        if facts['scheme'] == 'https':
            environ['HTTPS'] = 'on'
    if environ['REQUEST_METHOD'] == 'HEAD':
        return head_alone(environ, start_response)
    return inner(environ, start_response)
`;

/** `root_path`, `client` and the rest of a scope. */
export const ASGI_SHIM: string = `${LOADER}
inner = load(os.environ['TURNABOUT_APP'], 'app')


def path_has_root():
    """In ASGI the path begins with the root path. Starlette before 0.33 expected it without."""
    starlette = sys.modules.get('starlette')
    if starlette is None:
        return True
    from starlette.applications import Starlette
    version = tuple(int(part) for part in starlette.__version__.split('.')[:2])
    return version >= (0, 33) or not isinstance(inner, Starlette)


HAS_ROOT = path_has_root()
# Hypercorn may close a connection behind an answer without a word of it, and a next request would be lost.
CLOSES = 'hypercorn' in sys.modules


def closing(send):
    async def send_closing(message):
        if message['type'] == 'http.response.start':
            message = dict(message, headers=[*message.get('headers', ()), (b'connection', b'close')])
        await send(message)
    return send_closing


def facts_of(scope):
    for name, value in scope['headers']:
        if name == b'turnabout-told':
            return told(value.decode('latin-1'))
    return {}


def scope_told(scope, facts):
    scope = dict(scope, headers=[(name, value) for name, value in scope['headers'] if name != b'turnabout-told'])
    if not facts:
        return scope
    secure = facts['scheme'] == 'https'
    root = unquote(facts['mount'])
    scope['root_path'] = root
    if HAS_ROOT:
        scope['path'] = root + scope['path']
        if scope.get('raw_path') is not None:
            # Bytes, but for WebSockets in older versions of uvicorn.
            raw = scope['raw_path']
            scope['raw_path'] = facts['mount'] + raw if isinstance(raw, str) else facts['mount'].encode() + raw
    if scope['type'] == 'websocket':
        scope['scheme'] = 'wss' if secure else 'ws'
    else:
        scope['scheme'] = facts['scheme']
    if facts['address']:
        scope['client'] = (facts['address'], int(facts['port']))
    if facts['host']:
        scope['server'] = (facts['host'], int(facts['hostport']))
    return scope


async def app(scope, receive, send):
    if scope['type'] in ('http', 'websocket'):
        facts = facts_of(scope)
        if 'ready' in facts:
            await send({'type': 'http.response.start', 'status': 204, 'headers': []})
            await send({'type': 'http.response.body', 'body': b''})
            return
        scope = scope_told(scope, facts)
        if CLOSES and scope['type'] == 'http':
            send = closing(send)
    await inner(scope, receive, send)
`;
