export { errorCodes } from './error-codes.ts';
export { type Pseudo, receivedFields, receivedTrailers, type WireFields, wireFields } from './wire-fields.ts';
