/** A process that serves: alone, as the parent of several workers, or as one of them. */
import { type AdminSetting, withAdmin } from './admin/index.ts';
import { listenings } from './check-config.ts';
import { DEFAULT_DRAIN, type ServeOptions } from './define-config.ts';
import { surviveStrayErrors, untilStopped } from './life-cycle.ts';
import { standardError } from './log-line.ts';
import { Reloading } from './reloading.ts';
import { serveOn } from './serve.ts';
import { StartError } from './start-error.ts';
import { work } from './worker.ts';
import { takeAssignment } from './worker-messages.ts';
import { startWorkers } from './workers.ts';

export interface Plan {
	readonly listen?: ServeOptions['listen'];
	/** Default: 1. */
	readonly workers?: number;
	/** Milliseconds; default: 10,000. */
	readonly drain?: number;
	/** The file that the app comes from, for messages. */
	readonly source?: string;
	/** Whether `listen` is all that will be listened on by an author who could ask for client certificates there: a configuration. */
	readonly knowsCertificates?: boolean;
	/** Makes the app. Not called in a process whose workers do the serving. */
	readonly prepare: () => Promise<ServeOptions>;
	/** Makes it anew, on SIGHUP; `say` takes what is to be told. Rejects with StartError, and then all stays as it is. */
	readonly reload?: (say: (line: string) => void) => Promise<ServeOptions>;
	/** Where it tells how it is doing. Default: nowhere. */
	readonly admin?: AdminSetting;
	/** The folder whose changes reload it, too. */
	readonly watch?: string;
}

/** Serves until a signal ends it; resolves to the exit status. Rejects with StartError when it cannot start. */
export async function run(plan: Plan): Promise<number> {
	const { workers = 1, drain = DEFAULT_DRAIN, admin } = plan;
	// Requests are measured where somebody can read it.
	const prepare = async (): Promise<ServeOptions> => ({
		...(await plan.prepare()),
		...(admin !== undefined && { admin }),
	});
	const places = listenings(plan.listen);
	const assignment = takeAssignment();
	const how = { workers, source: plan.source ?? null, knowsCertificates: plan.knowsCertificates ?? false };
	const { reload } = plan;
	if (assignment !== null)
		return work(assignment, places, drain, { prepare, reload: reload ?? null }, how, standardError);
	if (workers > 1) {
		if (places.some(({ place }) => place.kind !== 'ip')) {
			throw new StartError(
				'several workers cannot share a unix: socket, nor one that is passed on',
				'Listen on a port, or leave out the workers.',
			);
		}
		const started = await startWorkers(workers, places, standardError);
		surviveStrayErrors(standardError);
		const reloading = reloadingOf(plan, () => started.reload());
		return untilStopped(await withAdmin(started, admin, standardError), drain, standardError, reloading);
	}
	const running = await serveOn(places, await prepare(), how);
	surviveStrayErrors(standardError);
	const again = async (): Promise<void> => running.replace(await (reload as NonNullable<typeof reload>)(standardError));
	const reloading = reloadingOf(plan, again);
	return untilStopped(await withAdmin(running, admin, standardError), drain, standardError, reloading);
}

function reloadingOf({ reload, watch }: Plan, again: () => Promise<void>): Reloading | null {
	if (reload === undefined) return null;
	const reloading = new Reloading(again, standardError);
	if (watch !== undefined) reloading.follow(watch);
	return reloading;
}
