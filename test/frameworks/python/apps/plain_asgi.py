"""An ASGI app that says what it was told, and echoes WebSocket messages."""
import json


async def app(scope, receive, send):
    if scope['type'] == 'lifespan':
        while True:
            message = await receive()
            await send({'type': message['type'] + '.complete'})
            if message['type'] == 'lifespan.shutdown':
                return
    if scope['type'] == 'websocket':
        await receive()
        await send({'type': 'websocket.accept'})
        while True:
            message = await receive()
            if message['type'] == 'websocket.disconnect':
                return
            await send({'type': 'websocket.send', 'text': scope['root_path'] + '|' + message['text']})
    keys = ('method', 'path', 'root_path', 'scheme', 'query_string', 'client', 'server')
    told = {key: scope[key].decode() if isinstance(scope[key], bytes) else scope[key] for key in keys}
    told['headers'] = sorted(name.decode() for name, _ in scope['headers'])
    body = b''
    while True:
        message = await receive()
        body += message.get('body', b'')
        if not message.get('more_body'):
            break
    told['body'] = len(body)
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'application/json')]})
    await send({'type': 'http.response.body', 'body': json.dumps(told).encode()})


async def quick(scope, receive, send):
    """Answers without a look at the request."""
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'5')]})
    await send({'type': 'http.response.body', 'body': b'quick'})
