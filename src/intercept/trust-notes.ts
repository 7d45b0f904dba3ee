/** How to have a system, a browser or a program trust the authority. Nothing here does it: that is for whoever owns the machine. */

export interface TrustNote {
	/** Whom it is for. */
	readonly who: string;
	/** Commands, or settings; those that begin with `#` are remarks. */
	readonly lines: readonly string[];
}

/** `path`: the file with the certificate. The programs below read it; they never need the key. */
export function trustNotes(path: string): TrustNote[] {
	const file = quoted(path);
	return [
		{
			who: 'Debian, Ubuntu (curl, wget, git, Python by OpenSSL)',
			lines: [`sudo cp ${file} /usr/local/share/ca-certificates/turnabout.crt`, 'sudo update-ca-certificates'],
		},
		{
			who: 'Fedora, RHEL',
			lines: [`sudo cp ${file} /etc/pki/ca-trust/source/anchors/turnabout.pem`, 'sudo update-ca-trust'],
		},
		{
			who: 'macOS (Safari, Chrome, curl)',
			lines: [`security add-trusted-cert -k ~/Library/Keychains/login.keychain-db ${file}`],
		},
		{ who: 'Windows', lines: [`certutil -user -addstore Root ${file}`] },
		{
			who: 'Firefox, and Chrome on Linux (NSS)',
			lines: [
				`certutil -A -n turnabout -t C,, -i ${file} -d sql:$HOME/.pki/nssdb`,
				'# Firefox: with the folder of its profile behind sql:, or Settings, Certificates, Authorities, Import',
			],
		},
		{ who: 'Node.js', lines: [`export NODE_EXTRA_CA_CERTS=${file}`] },
		{ who: 'curl, for one command', lines: [`curl --cacert ${file} …`] },
		{ who: 'git', lines: [`git config --global http.sslCAInfo ${file}`, '# instead of all other authorities'] },
		{
			who: 'Python’s requests, pip',
			lines: [
				`export REQUESTS_CA_BUNDLE=${file}`,
				`pip config set global.cert ${file}`,
				'# instead of all other authorities',
			],
		},
		{ who: 'programs that use OpenSSL', lines: [`export SSL_CERT_FILE=${file}`, '# instead of all other authorities'] },
		{ who: 'npm', lines: [`npm config set cafile ${file}`] },
		{
			who: 'Java',
			lines: [`keytool -importcert -cacerts -alias turnabout -file ${file} -storepass changeit -noprompt`],
		},
	];
}

/** What a POSIX shell reads as one word. */
function quoted(path: string): string {
	return /^[\w./@%+,:-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
