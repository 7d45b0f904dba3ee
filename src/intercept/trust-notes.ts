/** How to have a system, a browser or a program trust the authority. Nothing here does it: that is for whoever owns the machine. */

export interface TrustNote {
	/** Whom it is for. */
	readonly who: string;
	/** Commands, or settings; those that begin with `#` are remarks. */
	readonly lines: readonly string[];
}

/** FILE stands for the file with the certificate. */
const NOTES: readonly TrustNote[] = [
	{
		who: 'Debian, Ubuntu (curl, wget, git, Python by OpenSSL)',
		lines: ['sudo cp FILE /usr/local/share/ca-certificates/turnabout.crt', 'sudo update-ca-certificates'],
	},
	{
		who: 'Fedora, RHEL',
		lines: ['sudo cp FILE /etc/pki/ca-trust/source/anchors/turnabout.pem', 'sudo update-ca-trust'],
	},
	{
		who: 'macOS (Safari, Chrome, curl)',
		lines: ['security add-trusted-cert -k ~/Library/Keychains/login.keychain-db FILE'],
	},
	{ who: 'Windows', lines: ['certutil -user -addstore Root FILE'] },
	{
		who: 'Firefox, and Chrome on Linux (NSS)',
		lines: [
			'certutil -A -n turnabout -t C,, -i FILE -d sql:$HOME/.pki/nssdb',
			'# Firefox: with the folder of its profile behind sql:, or Settings, Certificates, Authorities, Import',
		],
	},
	{ who: 'Node.js', lines: ['export NODE_EXTRA_CA_CERTS=FILE'] },
	{ who: 'curl, for one command', lines: ['curl --cacert FILE …'] },
	{ who: 'git', lines: ['git config --global http.sslCAInfo FILE', '# instead of all other authorities'] },
	{
		who: 'Python’s requests, pip',
		lines: ['export REQUESTS_CA_BUNDLE=FILE', 'pip config set global.cert FILE', '# instead of all other authorities'],
	},
	{ who: 'programs that use OpenSSL', lines: ['export SSL_CERT_FILE=FILE', '# instead of all other authorities'] },
	{ who: 'npm', lines: ['npm config set cafile FILE'] },
	{
		who: 'Java',
		lines: ['keytool -importcert -cacerts -alias turnabout -file FILE -storepass changeit -noprompt'],
	},
];

/** `path`: the file with the certificate. The programs read it; they never need the key. */
export function trustNotes(path: string): TrustNote[] {
	const file = quoted(path);
	return NOTES.map(({ who, lines }) => ({ who, lines: lines.map((line) => line.replaceAll(/\bFILE\b/g, () => file)) }));
}

/** What a POSIX shell reads as one word. */
function quoted(path: string): string {
	return /^[\w./@%+,:-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
