/** The smallest app with a kibibyte. */
import { respond } from 'turnabout';

const fields = { 'content-type': 'text/plain' };
const body = 'x'.repeat(1_024);

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default (): Response => respond(200, fields, body);
