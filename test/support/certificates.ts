/** Certificates and keys (PEM) that tests use: see certificates/README.md. */
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(`${import.meta.dirname}/certificates/${name}.pem`, 'utf8');

/** The authority behind `server` and `client`. */
export const authority: string = read('authority');
/** For localhost, origin.example and 127.0.0.1. */
export const server: { readonly cert: string; readonly key: string } = {
	cert: read('server'),
	key: read('server.key'),
};
export const client: { readonly cert: string; readonly key: string } = {
	cert: read('client'),
	key: read('client.key'),
};
/** For localhost, signed by itself. */
export const stranger: { readonly cert: string; readonly key: string } = {
	cert: read('stranger'),
	key: read('stranger.key'),
};
