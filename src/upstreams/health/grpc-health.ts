/** Whether a gRPC server is well, asked in its own words: `grpc.health.v1.Health/Check`. Two small messages need no library. */
import { WholeSource } from '../../bytes/index.ts';
import type { Question, Reply } from '../../client/index.ts';
import { FieldList } from '../../fields/index.ts';

/** What the answer may say, by number (grpc/health/v1/health.proto). */
const STATES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const SERVING = 1;

/** `service`: empty for the server as a whole. */
export function grpcQuestion(service: string, host: string | null): Question {
	const name = new TextEncoder().encode(service);
	// Field 1, of bytes; one that is empty is left out.
	const message = name.length === 0 ? [] : [0x0a, name.length, ...name];
	const frame = new Uint8Array([0, 0, 0, 0, message.length, ...message]);
	return {
		method: 'POST',
		target: '/grpc.health.v1.Health/Check',
		fields: FieldList.of({
			...(host === null ? {} : { Host: host }),
			'Content-Type': 'application/grpc',
			TE: 'trailers',
			'User-Agent': 'turnabout-health',
		}),
		payload: new WholeSource(frame),
	};
}

/** What is wrong with it; null when it serves. */
export function grpcFault({ status, fields, body }: Reply): string | null {
	if (status !== 200) return `status ${status}`;
	const code = fields.get('grpc-status');
	if (code !== null && code !== '0') return `grpc-status ${code}`;
	if (body === null || body.length < 5) return 'no answer in it';
	const state = stateIn(body.subarray(5));
	return state === SERVING ? null : (STATES[state] ?? `state ${state}`);
}

/** Field 1, a small number; one that is left out is 0. */
function stateIn(message: Uint8Array): number {
	return message.length >= 2 && message[0] === 0x08 ? (message[1] as number) : 0;
}
