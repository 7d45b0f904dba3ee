/** The life of one worker: listen where it is told, report, and end by order, by signal, or when its parent has gone. */
import type { ServeOptions } from './define-config.ts';
import { surviveStrayErrors } from './life-cycle.ts';
import type { Listening } from './listen.ts';
import { type How, type Running, serveOn } from './serve.ts';
import { isStartError, messageOf } from './start-error.ts';
import { type Assignment, isOurs, type Report } from './worker-messages.ts';

/** How its app is made, and made anew. */
export interface Making {
	readonly prepare: () => Promise<ServeOptions>;
	readonly reload: ((say: (line: string) => void) => Promise<ServeOptions>) | null;
}

/** Runs a worker; resolves to the process's exit status. */
export async function work(
	assignment: Assignment,
	listenings: readonly Listening[],
	drain: number,
	{ prepare, reload }: Making,
	how: How,
	say: (line: string) => void,
): Promise<number> {
	// Ctrl-C, and the end of a terminal, reach every process of the job; the parent decides what it means and tells us.
	process.on('SIGINT', () => {});
	process.on('SIGHUP', () => {});
	let running: Running;
	try {
		const places = listenings.map((listening, index) => {
			const place = assignment.places?.[index] ?? listening.place;
			const { ticketSecret } = assignment;
			const { tls } = listening;
			return { place, reusePort: true, ...(tls && { tls: { ticketSecret, ...tls } }) };
		});
		// One of them says for all what there is to say of the app.
		const warn = assignment.worker === 1 ? say : (): void => {};
		running = await serveOn(places, { ...(await prepare()), log: say }, { ...how, warn });
		surviveStrayErrors(say);
	} catch (error) {
		const hint = isStartError(error) ? error.hint : null;
		await report({ turnabout: 'failed', message: messageOf(error), hint });
		return 1;
	}
	const ended = untilTold(running, drain, async () => {
		// One of them says for all what there is to say.
		const fault = await faultOf(running, reload, assignment.worker === 1 ? say : (): void => {});
		await report({ turnabout: 'reloaded', fault });
	});
	await report({ turnabout: 'ready', urls: running.urls, places: running.places });
	return ended;
}

/** Serves what is made anew; why it does not, or null. */
async function faultOf(
	running: Running,
	reload: Making['reload'],
	say: (line: string) => void,
): Promise<string | null> {
	try {
		if (reload !== null) await running.replace(await reload(say));
		return null;
	} catch (error) {
		return messageOf(error);
	}
}

/** Resolves after the first reason to stop. */
function untilTold(running: Running, drain: number, reload: () => Promise<void>): Promise<number> {
	return new Promise((resolve) => {
		const stop = (milliseconds: number): void => {
			void running.stop(milliseconds).finally(() => resolve(0));
		};
		process.on('message', (message) => {
			if (!isOurs(message)) return;
			if (message.turnabout === 'drain') stop(message.milliseconds);
			else if (message.turnabout === 'reopen') running.reopen();
			else if (message.turnabout === 'reload') void reload();
			else if (message.turnabout === 'statistics')
				void running.snapshot().then((snapshot) => report({ turnabout: 'statistics', snapshot }));
		});
		process.on('disconnect', () => stop(drain));
		process.on('SIGTERM', () => stop(drain));
	});
}

function report(message: Report): Promise<void> {
	return new Promise((resolve) => {
		if (process.send === undefined) resolve();
		else process.send(message, () => resolve());
	});
}
