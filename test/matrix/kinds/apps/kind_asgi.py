"""The parts of the matrix as an ASGI app."""
import asyncio
import json
from urllib.parse import parse_qs

PIECE = b'a' * 16384
MOST = 64_000_000

lines = {}
waiting = {}
made = {}


def note(key, what):
    lines.setdefault(key, []).append(what)


async def released(key):
    event = waiting.setdefault(key, asyncio.Event())
    await event.wait()


def release(key):
    event = waiting.pop(key, None)
    if event is None:
        return 'nothing waits'
    event.set()
    return 'released'


class Gone(Exception):
    """The client has left."""


class Exchange:
    def __init__(self, scope, receive, send):
        self.scope = scope
        self.receive = receive
        self.send = send
        self.fields = scope['headers']
        mount = scope['root_path']
        # The path begins with the root path.
        self.path = scope['path'][len(mount):]
        self.name, self.key = (self.path.split('/') + [''])[1:3]

    def values(self, name):
        return [value.decode('latin-1') for other, value in self.fields if other == name]

    async def body(self):
        while True:
            message = await self.receive()
            if message['type'] == 'http.disconnect':
                raise Gone
            if message.get('body'):
                yield message['body']
            if not message.get('more_body'):
                return

    async def start(self, status, *fields, kind=b'text/plain'):
        own = [] if kind is None else [(b'content-type', kind)]
        await self.send({'type': 'http.response.start', 'status': status, 'headers': own + list(fields)})

    async def piece(self, body):
        await self.send({'type': 'http.response.body', 'body': body, 'more_body': True})

    async def end(self, body=b''):
        await self.send({'type': 'http.response.body', 'body': body})

    async def text(self, body, *fields, status=200):
        await self.start(status, *fields)
        await self.end(body.encode())

    async def json(self, value, *fields, status=200):
        await self.start(status, *fields, kind=b'application/json')
        await self.end(json.dumps(value).encode())

    # The parts.

    async def hello(self):
        await self.text('hello')

    async def method(self):
        await self.text(self.scope['method'])

    async def status(self):
        bodiless = self.key in ('204', '304')
        await self.start(int(self.key), (b'etag', b'"1"'), kind=None if bodiless else b'text/plain')
        await self.end(b'' if bodiless else f'status {self.key}'.encode())

    async def redirect(self):
        await self.text('', (b'location', b'/hello?from=redirect'), status=303)

    async def got_json(self):
        body = b''.join([piece async for piece in self.body()])
        await self.json({'got': json.loads(body)}, status=201)

    async def path_parts(self):
        query = parse_qs(self.scope['query_string'].decode())
        await self.json([self.key, query['q'][0], query['r'][0]])

    async def where(self):
        await self.json({'mount': self.scope['root_path'], 'path': self.path})

    async def large(self):
        await self.text('b' * 3_000_000)

    async def echo(self):
        await self.start(200)
        async for piece in self.body():
            await self.piece(piece)
        await self.end()

    async def read(self):
        note(self.key, 'asked')
        length = 0
        try:
            async for piece in self.body():
                length += len(piece)
        except Gone:
            return note(self.key, 'failed')
        await self.text(str(length))

    async def sip(self):
        length = 0
        async for piece in self.body():
            if length == 0:
                note(self.key, 'sipped')
                await released(self.key)
            length += len(piece)
        note(self.key, f'read {length}')
        await self.text(str(length))

    async def until_left(self, work):
        """As Starlette does: who listens for the end of the client stops who works. Says whether the client has left."""
        async def leave():
            while (await self.receive())['type'] != 'http.disconnect':
                pass

        left = asyncio.create_task(leave())
        tasks = [asyncio.create_task(work), left]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        return left.done()

    async def pour(self):
        made[self.key] = 0
        await self.start(200)

        async def write():
            while made[self.key] < MOST:
                await self.piece(PIECE)
                made[self.key] += len(PIECE)
                await asyncio.sleep(0)

        note(self.key, 'cancelled' if await self.until_left(write()) else 'all of it')

    async def poured(self):
        await self.text(str(made.get(self.key, 0)))

    async def events(self):
        await self.start(200, kind=b'text/event-stream')
        await self.piece(b'data: one\n\n')
        await released(self.key)
        await self.piece(b'data: two\n\n')
        await self.end()

    async def ignore(self):
        await self.text('refused', status=403)

    async def twice(self):
        seen = [', '.join(self.values(name)) for name in (b'x-one', b'x-two')]
        await self.json(seen, (b'x-out', b'a'), (b'x-out', b'b'))

    async def cookies(self):
        cookies = [(b'set-cookie', b'a=1; Path=/'), (b'set-cookie', b'b=2; Path=/')]
        await self.text('; '.join(self.values(b'cookie')), *cookies)

    async def throws(self):
        raise RuntimeError('a secret detail')

    async def breaks(self, *fields):
        await self.start(200, *fields)
        await self.piece(b'half')
        raise RuntimeError('the rest cannot be found')

    async def breakslength(self):
        await self.breaks((b'content-length', b'100'))

    async def short(self):
        await self.text('abcd', (b'content-length', b'10'))

    async def long(self):
        await self.text('abcdefgh', (b'content-length', b'3'))

    async def afterend(self):
        await self.text('done')
        try:
            await self.piece(b'more')
        finally:
            note(self.key, 'wrote')

    async def never(self):
        note(self.key, 'asked')

        async def write():
            await released(self.key)
            await self.start(200)
            while True:
                await self.piece(b'is anybody there?')
                await asyncio.sleep(0.001)

        if await self.until_left(write()):
            note(self.key, 'closed')

    async def journal(self):
        await self.text('\n'.join(lines.get(self.key, [])))

    async def release(self):
        await self.text(release(self.key))


PARTS = {'json': 'got_json', 'path': 'path_parts', 'fields': 'twice'}
NAMES = ('hello method status redirect json path where large echo read sip pour poured events ignore fields cookies '
         'throws breaks breakslength short long afterend never journal release').split()


async def app(scope, receive, send):
    if scope['type'] == 'lifespan':
        return await lifespan(receive, send)
    if scope['type'] == 'websocket':
        return await socket(receive, send)
    exchange = Exchange(scope, receive, send)
    if exchange.name not in NAMES:
        return await exchange.text('no such part', status=404)
    await getattr(exchange, PARTS.get(exchange.name, exchange.name))()


async def lifespan(receive, send):
    while True:
        message = await receive()
        await send({'type': message['type'] + '.complete'})
        if message['type'] == 'lifespan.shutdown':
            return


async def socket(receive, send):
    """Says everything louder."""
    await receive()
    await send({'type': 'websocket.accept'})
    while (message := await receive())['type'] == 'websocket.receive':
        await send({'type': 'websocket.send', 'text': message['text'].upper()})
