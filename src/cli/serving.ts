/** The part of a plan that the shared flags make. */
import type { Plan } from '../serve/index.ts';
import { UsageError } from './usage-error.ts';

/** Values of `--listen`, `--workers` and `--drain`, as a plan. Throws UsageError where they contradict each other. */
export function planOf(values: {
	readonly listen: readonly string[];
	readonly workers: number | undefined;
	readonly drain: number | undefined;
}): Omit<Plan, 'prepare'> {
	const { listen, workers, drain } = values;
	const socket = listen.find((address) => address.startsWith('unix:'));
	if (socket !== undefined && (workers ?? 1) > 1) {
		throw new UsageError(
			`--workers ${workers}: several processes cannot share ${socket}`,
			'Listen on a port, or leave out --workers.',
		);
	}
	return {
		...(listen.length > 0 && { listen }),
		...(workers !== undefined && { workers }),
		...(drain !== undefined && { drain }),
	};
}
