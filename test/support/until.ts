/** Waits until `probe` holds, looking again every few milliseconds; fails saying `what` did not come about. */
export async function until(probe: () => boolean, what: string, patience = 6_000): Promise<void> {
	const deadline = Date.now() + patience;
	while (!probe()) {
		if (Date.now() > deadline) throw new Error(`Not in ${patience} ms: ${what}`);
		await pause(3);
	}
}

/** As `until`, for a probe that takes its time. */
export async function eventually(probe: () => Promise<boolean>, what: string, patience = 6_000): Promise<void> {
	const deadline = Date.now() + patience;
	while (!(await probe())) {
		if (Date.now() > deadline) throw new Error(`Not in ${patience} ms: ${what}`);
		await pause(20);
	}
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
