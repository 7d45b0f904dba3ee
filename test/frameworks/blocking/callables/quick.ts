/** The smallest callable. */
import { blocking, reply } from '../../../../src/frameworks/blocking/thread/index.ts';

export default blocking(() => reply(200, { 'content-type': 'text/plain' }, 'hello'));
