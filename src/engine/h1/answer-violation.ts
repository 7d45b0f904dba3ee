/** The answer to a request that could not be read; then the connection closes (RFC 9112 section 2.2). */
import { reasonPhrase } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { Violation } from '../../protocol/h1/index.ts';
import { dateLine } from './date-line.ts';
import type { ServerConnection } from './server-connection.ts';

export function answerViolation(connection: ServerConnection, violation: Violation): void {
	const text = `${violation.message}\n`;
	const fields = FieldList.of({ 'Content-Type': 'text/plain; charset=utf-8' });
	const { codec, transport } = connection;
	const head = codec.responseHead(violation.status, reasonPhrase(violation.status), fields, text.length, dateLine());
	codec.bodyHead(text.length);
	transport.write(head + text);
	connection.close();
}
