/**
 * Ends programs when we have ended in a way that leaves us no say: by SIGKILL, by a crash, by a signal that nobody handles.
 * One small shell for all programs reads the ids of their process groups from a pipe whose other end is ours alone. When
 * that is closed, the system having cleared up behind us, it sends SIGTERM to the groups that are left, and SIGKILL after a
 * while. The programs know nothing of it: they stay our own children, with the stdin, the status and the signals they had.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Five seconds from SIGTERM to SIGKILL, or ten where `sleep` knows whole seconds only. */
const SCRIPT = `
trap '' HUP INT TERM
groups=
while read -r verb id; do
	rest=
	for group in $groups; do [ "$group" = "$id" ] || rest="$rest $group"; done
	groups=$rest
	if [ "$verb" = add ]; then groups="$groups $id"; fi
done
left() {
	for group in $groups; do kill -s 0 -- "-$group" && return; done
	return 1
}
for group in $groups; do kill -s TERM -- "-$group"; done
for round in 1 2 3 4 5 6 7 8 9 10; do
	left || exit 0
	sleep 0.5 || sleep 1
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

const groups = new Set<number>();
let shell: ChildProcess | null = null;

/** From now on the process group does not outlive us. */
export function outliveNot(group: number): void {
	// There are no groups.
	if (process.platform === 'win32') return;
	groups.add(group);
	if (shell === null) begin();
	else shell.stdin?.write(`add ${group}\n`);
}

/** The group has ended. With the last one the shell ends, too. */
export function outlived(group: number): void {
	if (!groups.delete(group) || shell === null) return;
	if (groups.size > 0) return void shell.stdin?.write(`drop ${group}\n`);
	shell.stdin?.end(`drop ${group}\n`);
	shell = null;
}

function begin(): void {
	// A session of its own: what a terminal sends us is not for it. It is in nobody's folder.
	const child = spawn('/bin/sh', ['-c', SCRIPT, 'turnabout-last-will'], {
		cwd: '/',
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	shell = child;
	const over = (): void => {
		if (shell === child) shell = null;
	};
	// Without it, programs are as well off as they would be anywhere; the next one that starts tries again.
	child.on('error', over);
	child.on('exit', over);
	child.stdin.on('error', () => {});
	child.unref();
	(child.stdin as Socket).unref();
	child.stdin.write([...groups].map((group) => `add ${group}\n`).join(''));
}
