/** Sockets that listen already when we are started: systemd's socket activation (sd_listen_fds(3)), and whoever does the same. */
import { StartError } from './start-error.ts';

/** The first of them; those before are standard input, output and error. */
const FIRST = 3;

const HINT = 'Start it by the .socket unit that `turnabout install-service --socket` writes, or listen on an address.';

/** The descriptor of the one with that name or number, from 1 up; of the only one for null. Throws StartError. */
export function inheritedSocket(name: string | null, environment: NodeJS.ProcessEnv = process.env): number {
	const { LISTEN_PID: pid, LISTEN_FDS: count = '', LISTEN_FDNAMES: names = '' } = environment;
	const passed = Number(pid) === process.pid && /^\d{1,4}$/.test(count) ? Number(count) : 0;
	const refuse = (reason: string, hint: string): never => {
		throw new StartError(`cannot listen on systemd${name === null ? '' : `:${name}`}: ${reason}`, hint);
	};
	const there = `There are ${passed}${names === '' ? '' : `, called ${names.replaceAll(':', ', ')}`}.`;
	if (passed === 0) return refuse('no socket has been passed on to this process', HINT);
	if (name === null) {
		if (passed > 1) return refuse('several sockets have been passed on', `Say which: systemd:1. ${there}`);
		return FIRST;
	}
	const at = /^\d{1,4}$/.test(name) ? Number(name) - 1 : names.split(':').indexOf(name);
	if (at < 0 || at >= passed) return refuse('no such socket has been passed on', there);
	return FIRST + at;
}
