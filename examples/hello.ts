/** The smallest app: `npx turnabout serve examples/hello.ts`, then `curl http://127.0.0.1:8080/`. */
import { type App, respond } from 'turnabout';

const app: App = () => respond(200, { 'content-type': 'text/plain; charset=utf-8' }, 'Hello!\n');

export default app;
