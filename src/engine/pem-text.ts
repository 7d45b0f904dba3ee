/** PEM as text, for runtimes that take no bytes. */
export function pemText(pem: string | Uint8Array): string {
	return typeof pem === 'string' ? pem : new TextDecoder().decode(pem);
}
