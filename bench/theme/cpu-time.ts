/** CPU time of work in this process, all threads included: what collecting garbage costs belongs to the work that made it. */

/** How many milliseconds one measurement takes at least, so that the clock's steps do not matter. */
const LEAST = 20;

function spent(work: () => unknown, times: number): number {
	const before = process.cpuUsage();
	for (let i = 0; i < times; i++) work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** Runs it until it is compiled, and answers how often one measurement should. */
export function warmed(work: () => unknown, milliseconds: number): number {
	let times = 0;
	for (const end = performance.now() + milliseconds; times === 0 || performance.now() < end; times++) work();
	return Math.max(1, Math.ceil((times * LEAST) / milliseconds));
}

/** Milliseconds of CPU for one of so many runs. */
export function cpuTime(work: () => unknown, times: number): number {
	return spent(work, times) / times;
}
