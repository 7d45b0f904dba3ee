/** Units of systemd for a command of ours (systemd.service(5), systemd.socket(5)). */

export interface Service {
	readonly name: string;
	/** The program and its arguments. */
	readonly command: readonly string[];
	readonly directory: string;
	/** Who it runs as; null for a user that systemd makes for it. A service of a user runs as that user. */
	readonly user: string | null;
	/** A service of a user, and not of the machine. */
	readonly ofUser: boolean;
	/** Addresses that systemd listens on for it. */
	readonly sockets: readonly string[];
}

/** Seconds: longer than the default drain, which SIGTERM begins. */
const STOP = 30;

export function serviceUnit(service: Service): string {
	const { name, command, directory, sockets } = service;
	const shown = command.slice(2).join(' ');
	return unit({
		Unit: [
			['Description', `Turnabout: ${escaped(shown)}`],
			...(service.ofUser
				? []
				: [['Wants', 'network-online.target'] as const, ['After', 'network-online.target'] as const]),
			...(sockets.length === 0 ? [] : [['Requires', `${name}.socket`] as const]),
		],
		Service: [
			['Type', 'exec'],
			['ExecStart', command.map(quoted).join(' ')],
			['ExecReload', '/bin/kill -HUP $MAINPID'],
			['WorkingDirectory', escaped(directory)],
			['Restart', 'on-failure'],
			['RestartSec', '1'],
			['TimeoutStopSec', String(STOP)],
			['LimitNOFILE', '65536'],
			...(service.ofUser ? [] : confined(service)),
		],
		Install: [['WantedBy', service.ofUser ? 'default.target' : 'multi-user.target']],
	});
}

/** What it does not need, it is not given. */
function confined({ user, name }: Service): [key: string, value: string][] {
	return [
		...(user === null ? [['DynamicUser', 'yes'] as [string, string]] : [['User', user] as [string, string]]),
		['StateDirectory', name],
		['LogsDirectory', name],
		['AmbientCapabilities', 'CAP_NET_BIND_SERVICE'],
		['CapabilityBoundingSet', 'CAP_NET_BIND_SERVICE'],
		['NoNewPrivileges', 'yes'],
		['ProtectSystem', 'strict'],
		['ProtectHome', 'read-only'],
		['PrivateTmp', 'yes'],
		['PrivateDevices', 'yes'],
		['ProtectKernelTunables', 'yes'],
		['ProtectKernelModules', 'yes'],
		['ProtectControlGroups', 'yes'],
		['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX AF_NETLINK'],
		['RestrictSUIDSGID', 'yes'],
		['LockPersonality', 'yes'],
	];
}

export function socketUnit({ name, sockets }: Service): string {
	return unit({
		Unit: [['Description', `Sockets of ${name}`]],
		Socket: [
			...sockets.map((address): [string, string] => ['ListenStream', address]),
			['NoDelay', 'yes'],
			['Backlog', '4096'],
		],
		Install: [['WantedBy', 'sockets.target']],
	});
}

function unit(sections: Readonly<Record<string, readonly (readonly [key: string, value: string])[]>>): string {
	const text = Object.entries(sections).map(([section, lines]) =>
		[`[${section}]`, ...lines.map(([key, value]) => `${key}=${value}`)].join('\n'),
	);
	return `${text.join('\n\n')}\n`;
}

/** A percent sign begins a specifier. */
function escaped(text: string): string {
	return text.replaceAll('%', '%%');
}

/** One argument of a command line: systemd splits at spaces, and knows variables, escapes and specifiers. */
function quoted(argument: string): string {
	const inner = escaped(argument).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$');
	return /^[\w./:@=,+-]+$/.test(argument) ? inner : `"${inner}"`;
}
