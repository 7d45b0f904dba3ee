import { FieldList } from '../fields/index.ts';
import { rawResponse } from './raw.ts';
import { OutgoingResponse } from './response.ts';

/**
 * The response with fields of its own, for a layer that adds to them what is one exchange's alone: an app may give the same
 * response to everybody.
 */
export function withOwnFields(response: Response): OutgoingResponse {
	const message = rawResponse(response);
	return new OutgoingResponse(message.status, FieldList.from(message.fields).copy(), message.payload, message);
}
