/** Python's WSGI and ASGI apps. */
export type { PythonOptions } from './options.ts';
export { asgi, wsgi } from './python.ts';
