/** `--admin`, and the token that goes with it. */
import type { AdminSetting } from '../serve/index.ts';
import { adminFaults } from '../serve/index.ts';
import type { Flag } from './flags.ts';
import { UsageError } from './usage-error.ts';

export const admin: Flag<string> = {
	value: 'ADDR',
	help: 'Tell there how it is doing: /live, /ready, /status and /metrics.\nOther machines need the token in TURNABOUT_ADMIN_TOKEN.',
	read: (text: string): string => text,
};

/** The setting that the flag and the environment stand for. Throws UsageError for an address that is none, or is open to others without a token. */
export function adminOf(listen: string | undefined): AdminSetting | undefined {
	if (listen === undefined) return undefined;
	const { TURNABOUT_ADMIN_TOKEN: token } = process.env;
	const setting = token === undefined || token === '' ? { listen } : { listen, token };
	const [fault] = adminFaults(setting, '--admin');
	if (fault !== undefined)
		throw new UsageError(fault, 'For example --admin 127.0.0.1:9180; the token is TURNABOUT_ADMIN_TOKEN.');
	return setting;
}
