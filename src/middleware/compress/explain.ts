/** What compress would do with the answer to a request, in words: which answer that will be nobody knows yet. */
import { preferred } from '../../coding/index.ts';
import type { Explanation, FieldNote, RawRequest } from '../../convention/index.ts';
import type { Settings } from './options.ts';

const ON = 'Passes the request on as it is.';
const VARY: FieldNote = {
	what: 'adds',
	name: 'Vary',
	value: 'Accept-Encoding',
	on: 'response',
	when: 'when the answer could be compressed',
	source: 'RFC 9110 section 12.5.5',
};

const note = (what: FieldNote['what'], name: string, source: string, value?: string): FieldNote => ({
	what,
	name,
	on: 'response',
	when: 'when it is compressed',
	source,
	...(value !== undefined && { value }),
});

const CODED: readonly FieldNote[] = [
	note('removes', 'Content-Length', 'RFC 9110 section 8.6'),
	note('removes', 'Accept-Ranges', 'RFC 9110 section 14.3'),
	note('removes', 'Content-Digest, Repr-Digest and their forerunners', 'RFC 9530 section 2'),
	note('sets', 'ETag', 'RFC 9110 section 8.8.3', 'a weak one'),
];

export function explainCompress(settings: Settings, { fields }: RawRequest): Explanation {
	const coding = preferred(fields.get('accept-encoding'), settings.encodings);
	if (coding === null) return { does: ['The client asks for no coding that we have.', ON], fields: [VARY] };
	const cookies = settings.cookies ? '' : ', or sets a cookie';
	return {
		does: [
			`Compresses the answer with ${coding}, unless its type is not one of those, it is small or coded already${cookies}.`,
			ON,
		],
		fields: [note('adds', 'Content-Encoding', 'RFC 9110 section 8.4', coding), VARY, ...CODED],
	};
}
