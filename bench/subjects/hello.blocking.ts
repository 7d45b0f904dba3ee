/** The answer of hello.ts from a callable that may block, which runs in a thread. */
import { blocking, reply } from 'turnabout/blocking';

const fields = { 'content-type': 'text/plain' };

// oxlint-disable-next-line no-default-export -- a callable is what its module exports by default
export default blocking(() => reply(200, fields, 'Hello, world!'));
