/** A list of addresses, part of which may stand in files, which are read again when they have changed. */
import { AddressSet, checkedRanges } from '../../addresses/index.ts';
import { type ListEntry, ReloadedList } from '../../reloaded/index.ts';

/** Entries are texts as `AddressSet` takes them. Throws TypeError for what is no address, and the system's error for a file that cannot be read. */
export function addressList(
	where: string,
	entries: readonly ListEntry[],
	log: (message: string) => void,
): ReloadedList<AddressSet> {
	return new ReloadedList(where, entries, {
		check: (at, text) => text === 'unix' || checkedRanges(at, text),
		make: (texts) => new AddressSet(where, texts),
		report: ({ message }) => log(`${where}: the list stays as it was: ${message}`),
	});
}
