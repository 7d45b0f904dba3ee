/** What people are told of an authority: where it is, how to know it, how to trust it. */
import type { Authority } from './certificate-authority.ts';
import { trustNotes } from './trust-notes.ts';

export function describeAuthority({ certificate, path }: Authority): string {
	const notes = trustNotes(path).map(({ who, lines }) => `${who}:\n${lines.map((line) => `    ${line}`).join('\n')}`);
	const { fingerprint256, validTo } = certificate;
	return `${certificate.subject.replace(/^CN=/, '')}

  certificate  ${path}
  SHA-256      ${fingerprint256}
  good until   ${new Date(validTo).toISOString().slice(0, 10)}

Whoever trusts it believes any server that its key speaks for. The key stays in the folder of the certificate; keep it there,
trust it on machines of your own alone, and take the trust back where it is not needed any more.

${notes.join('\n\n')}
`;
}
