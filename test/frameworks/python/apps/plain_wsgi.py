"""A WSGI app that says what it was told."""
import json
import os
import time

NAMES = ('REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REMOTE_ADDR', 'SERVER_NAME', 'SERVER_PORT',
         'HTTP_HOST', 'HTTP_X_REAL', 'HTTP_TURNABOUT_TOLD', 'HTTP_PROXY', 'CONTENT_LENGTH', 'HTTPS')


def application(environ, start_response):
    path = environ['PATH_INFO']
    if path == '/echo':
        start_response('200 OK', [('Content-Type', 'application/octet-stream')])
        source = environ['wsgi.input']
        return iter(lambda: source.read(65536), b'')
    if path == '/slow':
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return slowly()
    if path == '/written':
        write = start_response('200 OK', [('Content-Type', 'text/plain')])
        write(b'written')
        return []
    if path == '/exit':
        os._exit(9)
    if path == '/pid':
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return [str(os.getpid()).encode()]
    told = {name: environ[name] for name in NAMES if name in environ}
    told['scheme'] = environ['wsgi.url_scheme']
    start_response('200 OK', [('Content-Type', 'application/json'), ('Set-Cookie', 'a=1'), ('Set-Cookie', 'b=2')])
    return [json.dumps(told).encode()]


def slowly():
    for _ in range(3):
        yield b'piece\n'
        time.sleep(0.1)


def make():
    print('made by a function', flush=True)
    return application
