"""The parts of the matrix as a WSGI app (PEP 3333)."""
import json
import threading
from http import HTTPStatus
from urllib.parse import parse_qs

PIECE = b'a' * 16384
MOST = 64_000_000

lines = {}
waiting = {}
made = {}


def note(key, what):
    lines.setdefault(key, []).append(what)


def released(key):
    event = waiting.setdefault(key, threading.Event())
    event.wait(20)


def release(key):
    event = waiting.pop(key, None)
    if event is None:
        return 'nothing waits'
    event.set()
    return 'released'


def pour(key):
    made[key] = 0
    try:
        while made[key] < MOST:
            yield PIECE
            made[key] += len(PIECE)
    finally:
        note(key, 'cancelled' if made[key] < MOST else 'all of it')


def events(key):
    yield b'data: one\n\n'
    released(key)
    yield b'data: two\n\n'


def half():
    yield b'half'
    raise RuntimeError('the rest cannot be found')


def read(environ, key):
    note(key, 'asked')
    length = 0
    try:
        while piece := environ['wsgi.input'].read(65536):
            length += len(piece)
    except OSError:
        note(key, 'failed')
        raise
    if length < int(environ.get('CONTENT_LENGTH') or 0):
        note(key, 'failed')
    return str(length)


def sip(environ, key):
    length = len(environ['wsgi.input'].read(65536))
    note(key, 'sipped')
    released(key)
    while piece := environ['wsgi.input'].read(65536):
        length += len(piece)
    note(key, f'read {length}')
    return str(length)


class WritesBehindItsEnd:
    """Its server closes it when the last piece is out."""

    def __init__(self, write, key):
        self.write = write
        self.key = key

    def __iter__(self):
        return iter([b'done'])

    def close(self):
        try:
            self.write(b'more')
        finally:
            note(self.key, 'wrote')


def never(key):
    note(key, 'asked')
    released(key)
    try:
        while True:
            yield b'is anybody there?\n' * 1000
    finally:
        note(key, 'closed')


def application(environ, start_response):
    name, key = (environ['PATH_INFO'].split('/') + [''])[1:3]
    query = parse_qs(environ['QUERY_STRING'], keep_blank_values=True)

    def start(status, *fields, kind='text/plain'):
        own = [] if kind is None else [('Content-Type', kind)]
        return start_response(f'{status} {HTTPStatus(status).phrase}', own + list(fields))

    def text(body, *fields):
        start(200, *fields)
        return [body.encode()]

    def as_json(value, *fields, status=200):
        start(status, *fields, kind='application/json')
        return [json.dumps(value).encode()]

    def stream(pieces, *fields):
        start(200, *fields)
        return pieces

    if name == 'hello':
        return text('hello')
    if name == 'method':
        return text(environ['REQUEST_METHOD'])
    if name == 'status':
        bodiless = key in ('204', '304')
        start(int(key), ('ETag', '"1"'), kind=None if bodiless else 'text/plain')
        return [] if bodiless else [f'status {key}'.encode()]
    if name == 'redirect':
        start(303, ('Location', '/hello?from=redirect'))
        return []
    if name == 'json':
        return as_json({'got': json.load(environ['wsgi.input'])}, status=201)
    if name == 'path':
        return as_json([key.encode('latin-1').decode(), query['q'][0], query['r'][0]])
    if name == 'where':
        return as_json({'mount': environ['SCRIPT_NAME'], 'path': environ['PATH_INFO']})
    if name == 'large':
        return text('b' * 3_000_000)
    if name == 'echo':
        return stream(iter(lambda: environ['wsgi.input'].read(16384), b''))
    if name == 'read':
        return text(read(environ, key))
    if name == 'sip':
        return text(sip(environ, key))
    if name == 'pour':
        return stream(pour(key))
    if name == 'poured':
        return text(str(made.get(key, 0)))
    if name == 'events':
        start(200, kind='text/event-stream')
        return events(key)
    if name == 'ignore':
        start(403, ('Content-Length', '7'))
        return [b'refused']
    if name == 'fields':
        seen = [environ.get('HTTP_X_ONE'), environ.get('HTTP_X_TWO')]
        return as_json(seen, ('X-Out', 'a'), ('X-Out', 'b'))
    if name == 'cookies':
        cookies = [('Set-Cookie', 'a=1; Path=/'), ('Set-Cookie', 'b=2; Path=/')]
        return text(environ.get('HTTP_COOKIE', ''), *cookies)
    if name == 'throws':
        raise RuntimeError('a secret detail')
    if name == 'breaks':
        return stream(half())
    if name == 'breakslength':
        return stream(half(), ('Content-Length', '100'))
    if name == 'short':
        return text('abcd', ('Content-Length', '10'))
    if name == 'long':
        return text('abcdefgh', ('Content-Length', '3'))
    if name == 'afterend':
        return WritesBehindItsEnd(start(200, ('Content-Length', '4')), key)
    if name == 'never':
        start(200)
        return never(key)
    if name == 'journal':
        return text('\n'.join(lines.get(key, [])))
    if name == 'release':
        return text(release(key))
    start(404)
    return [b'no such part']
