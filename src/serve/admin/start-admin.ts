/** The listener that tells how the server is doing: beside the others, and open until they are closed. */
import { h1 } from '../../engine/h1/index.ts';
import { parseAddress } from '../address.ts';
import type { Stoppable } from '../life-cycle.ts';
import { listen } from '../listen.ts';
import { type AdminSource, adminApp } from './admin-app.ts';
import { type AdminSetting, adminOptions } from './options.ts';
import type { Snapshot } from './snapshot.ts';

export interface Admin {
	readonly url: string;
	close(): Promise<void>;
}

export async function startAdmin(setting: AdminSetting, source: AdminSource): Promise<Admin> {
	const { listen: at, token = null } = adminOptions(setting);
	const engine = h1({ log: () => {}, limits: { connections: 64 } });
	const listener = await listen(engine, adminApp(source, token), { place: parseAddress(String(at)) });
	return { url: listener.url, close: () => listener.close() };
}

/** What runs, with its admin listener. Rejects with StartError when that cannot listen. */
export async function withAdmin(
	running: Stoppable & { snapshot(): Promise<Snapshot> },
	setting: AdminSetting | undefined,
	say: (line: string) => void,
): Promise<Stoppable> {
	if (setting === undefined) return running;
	let isReady = true;
	let admin: Admin;
	try {
		admin = await startAdmin(setting, {
			get isReady() {
				return isReady;
			},
			snapshot: () => running.snapshot(),
		});
	} catch (error) {
		await running.close();
		throw error;
	}
	say(`admin on ${admin.url}`);
	return {
		urls: running.urls,
		reopen: () => running.reopen(),
		stop: (drain) => {
			isReady = false;
			return behind(running.stop(drain), admin);
		},
		close: () => behind(running.close(), admin),
	};
}

/** It tells how the server is doing to the end. */
async function behind(ended: Promise<void>, admin: Admin): Promise<void> {
	try {
		await ended;
	} finally {
		await admin.close();
	}
}
