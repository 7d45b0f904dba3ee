/** The layers of authentication under one name: `auth.basic(…)`, `auth.bearer(…)` … */
import { apiKey } from './api-key/index.ts';
import { basicAuth } from './basic-auth/index.ts';
import { bearer } from './bearer/index.ts';
import { clientCertificate } from './client-certificate/index.ts';
import { forwardAuth } from './forward-auth/index.ts';
import { oidc } from './oidc/index.ts';

export const auth: {
	readonly basic: typeof basicAuth;
	readonly bearer: typeof bearer;
	readonly apiKey: typeof apiKey;
	readonly certificate: typeof clientCertificate;
	readonly forward: typeof forwardAuth;
	readonly oidc: typeof oidc;
} = { basic: basicAuth, bearer, apiKey, certificate: clientCertificate, forward: forwardAuth, oidc };
