/** The boats that can be booked, and who has booked them: kept in memory while the demo runs. */

export interface Boat {
	readonly id: string;
	readonly name: string;
	readonly seats: number;
	/** Who has it on Saturday, or null. */
	readonly bookedBy: string | null;
}

const boats = new Map<string, Boat>(
	[
		{ id: 'petrel', name: 'Petrel', seats: 2, bookedBy: null },
		{ id: 'old-molly', name: 'Old Molly', seats: 4, bookedBy: 'the café' },
		{ id: 'gustav-ii', name: 'Gustav II', seats: 6, bookedBy: null },
	].map((boat) => [boat.id, boat]),
);

export function allBoats(): readonly Boat[] {
	return [...boats.values()];
}

/** Books a boat: the boat, `taken`, or `unknown`. */
export function book(id: string, name: string): Boat | 'taken' | 'unknown' {
	const boat = boats.get(id);
	if (boat === undefined) return 'unknown';
	if (boat.bookedBy !== null) return 'taken';
	const booked = { ...boat, bookedBy: name.slice(0, 40) };
	boats.set(id, booked);
	return booked;
}
