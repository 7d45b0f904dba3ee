/** The command's entry, called by bin/turnabout: runs the command line of this process and ends it. */
import { main } from './main.ts';
import { settleProcess } from './own-process.ts';

export function start(): void {
	settleProcess();
	// An app may hold timers and sockets of its own, which must not keep a stopped server's process.
	void main(process.argv.slice(2)).then((status) => process.exit(status));
}
