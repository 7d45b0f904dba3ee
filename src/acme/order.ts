/** One certificate, asked for and proved by `acme-client`. */
import type { Folder } from './folder.ts';
import type { AcmeSettings } from './options.ts';

interface Authorization {
	readonly identifier: { readonly value: string };
}

interface Challenge {
	readonly type: string;
	readonly token: string;
}

/** How often a validation is asked about, in milliseconds: longer each time. */
const POLLING = { backoffAttempts: 15, backoffMin: 1_000, backoffMax: 15_000 };

/** Asks, and keeps what comes. Rejects with what the server or the proof has said. */
export async function order(settings: AcmeSettings, folder: Folder): Promise<void> {
	const { client, names, server, email } = settings;
	const accountKey = folder.accountKey() ?? (await client.crypto.createPrivateEcdsaKey());
	folder.keepAccountKey(accountKey);
	const [first] = names;
	const wanted = { commonName: first, altNames: names };
	const [key, csr] = await client.crypto.createCsr(
		wanted as never,
		(await client.crypto.createPrivateEcdsaKey()) as never,
	);
	const { set, remove } = proofs(settings, folder);
	const accountUrl = folder.accountUrl(server);
	const known = accountUrl === null ? {} : { accountUrl };
	const asking = new client.Client({ directoryUrl: server, accountKey, ...known, ...POLLING } as never);
	const certificate = await asking.auto({
		csr,
		...(email !== null && { email }),
		termsOfServiceAgreed: true,
		challengePriority: [settings.challenge],
		// The server looks for itself; we may not even reach our own public address.
		skipChallengeVerification: true,
		challengeCreateFn: set,
		challengeRemoveFn: remove,
	} as never);
	folder.keepAccountUrl(server, asking.getAccountUrl());
	folder.keepCertificate(certificate, key);
}

type Proof = (authorization: Authorization, challenge: Challenge, keyAuthorization: string) => Promise<void>;

function proofs(
	{ challenge, client, dns }: AcmeSettings,
	folder: Folder,
): { readonly set: Proof; readonly remove: Proof } {
	if (challenge === 'http-01')
		return {
			set: async (_, { token }, keyAuthorization) => folder.keepChallenge(token, keyAuthorization),
			remove: async (_, { token }) => folder.dropChallenge(token),
		};
	if (challenge === 'tls-alpn-01')
		return {
			set: async (authorization, _, keyAuthorization) => {
				const made = await client.crypto.createAlpnCertificate(authorization as never, keyAuthorization);
				folder.keepChallenge(alpnFile(authorization.identifier.value), made.map(String).join(''));
			},
			remove: async ({ identifier }) => folder.dropChallenge(alpnFile(identifier.value)),
		};
	const record = ({ identifier }: Authorization): string => `_acme-challenge.${identifier.value}`;
	return {
		set: async (authorization, _, value) => void (await dns?.set(record(authorization), value)),
		remove: async (authorization, _, value) => void (await dns?.remove(record(authorization), value)),
	};
}

/** Key and certificate that prove a name under TLS. */
export function alpnFile(name: string): string {
	return `${name.toLowerCase()}.alpn`;
}
