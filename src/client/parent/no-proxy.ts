/** NO_PROXY: which hosts are reached without a parent. Where curl and Go differ, docs/parents.md says whom we follow. */
import { type HostTest, hostList } from './host-list.ts';

/**
 * Reads a list whose entries stand apart by commas or white space: `*` is every host; a name is that host and all below it, with or
 * without a leading dot; `*.name` only those below; an address or a CIDR range is a host that is such an address; a port
 * behind it limits an entry to that. Throws TypeError for a range or a port that is none.
 */
export function noProxy(list: string | readonly string[]): HostTest {
	const entries = (typeof list === 'string' ? [list] : list).flatMap((text) => text.split(/[\s,]+/));
	return hostList(
		entries.filter((entry) => entry !== '' && entry !== '.'),
		{ below: true },
	);
}
