/** A response as HTML that can stand in a page. Tables of the types first: what is in none of them cannot. */
import { collect, fileSource, latin1Bytes, TooLargeError } from '../../bytes/index.ts';
import { codingOf, decoded, TooMuch } from '../../coding/index.ts';
import { cancelPayload, isFileRange, payloadSource, type RawResponse } from '../../convention/index.ts';
import { FieldList, parameter, parseParameterized } from '../../fields/index.ts';
import { type Fragment, missed } from './fragment.ts';

/** `</script` and `<!--` end or change a script wherever they stand; in its strings, a backslash makes no difference. */
const script = (text: string): string => `<script>${text.replace(/<(?=\/script|!--)/gi, '<\\')}</script>`;
const style = (text: string): string => `<style>${text.replace(/<(?=\/style)/gi, '<\\')}</style>`;
const plain = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const markup = (text: string): string => text;

const types: Readonly<Record<string, (text: string) => string>> = {
	'': markup,
	'text/html': markup,
	'application/xhtml+xml': markup,
	'text/xml': markup,
	'application/xml': markup,
	'image/svg+xml': markup,
	'text/plain': plain,
	'text/javascript': script,
	'application/javascript': script,
	'application/x-javascript': script,
	'text/ecmascript': script,
	'application/ecmascript': script,
	'text/css': style,
};

/** Reads a 200. Rejects with what the payload fails with. */
export async function fragmentText(response: RawResponse, maxBytes: number): Promise<Fragment> {
	const { status, payload, fields } = response;
	const content = parseParameterized(fields.get('content-type') ?? '');
	const type = content?.value.toLowerCase() ?? '';
	const dress = Object.hasOwn(types, type) ? types[type] : undefined;
	const coding = codingOf(FieldList.from(fields));
	if (dress === undefined || coding === undefined) {
		cancelPayload(payload);
		return dress === undefined
			? missed('type', `${type} cannot stand in HTML`)
			: missed('coding', 'It is coded in a way that nobody here knows');
	}
	try {
		const source = isFileRange(payload) ? fileSource(payload) : payloadSource(payload);
		const bytes = source === null ? latin1Bytes('') : await collect(source, maxBytes);
		const whole = coding === null ? bytes : await decoded(coding, bytes, maxBytes);
		const charset = content === null ? null : parameter(content.parameters, 'charset');
		return { ok: true, text: dress(decoderFor(charset).decode(whole)), type, status };
	} catch (error) {
		if (error instanceof TooLargeError || error instanceof TooMuch) {
			return missed('too-large', `More than ${maxBytes} bytes`);
		}
		throw error;
	}
}

/** A charset that nobody knows is taken for UTF-8. A byte order mark is dropped, malformed bytes become U+FFFD. */
function decoderFor(charset: string | null): TextDecoder {
	try {
		return new TextDecoder(charset ?? 'utf-8');
	} catch {
		return new TextDecoder();
	}
}
