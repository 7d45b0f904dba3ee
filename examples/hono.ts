/** A Hono application, served as it is: `npx turnabout serve examples/hono.ts`. */
import { Hono } from 'hono';

const app: Hono = new Hono();

app.get('/', (c) => c.text('Hello from Hono!\n'));
app.get('/boats/:name', (c) => c.json({ boat: c.req.param('name') }));

export default app;
