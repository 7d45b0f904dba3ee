/** The smallest app: 13 bytes. */
import { respond } from 'turnabout';

const fields = { 'content-type': 'text/plain' };

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default (): Response => respond(200, fields, 'Hello, world!');
