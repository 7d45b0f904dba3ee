/**
 * Who is here, for members that come and go all the time. A Set would do, but what V8 makes of a Set when it fills up is
 * a new table, to which the old one points: once a table has grown old, each young one after it lives on, with whoever
 * was in it, until the next full collection. Half of a busy proxy's tunnels outlived their end, and collecting garbage
 * took a fifth of the time.
 */

export interface Member {
	/** Where it stands in its roster, which alone sets it; -1 outside of any. One roster at a time. */
	rosterPlace: number;
}

export class Roster<T extends Member> {
	private readonly members: T[] = [];

	get size(): number {
		return this.members.length;
	}

	add(member: T): void {
		if (member.rosterPlace >= 0) return;
		member.rosterPlace = this.members.length;
		this.members.push(member);
	}

	/** False when it was not here any more. */
	delete(member: T): boolean {
		const { members } = this;
		const { rosterPlace: place } = member;
		if (members[place] !== member) return false;
		member.rosterPlace = -1;
		const last = members.pop() as T;
		if (last === member) return true;
		members[place] = last;
		last.rosterPlace = place;
		return true;
	}

	/** All members as a list of its own, in no order. */
	all(): T[] {
		return this.members.slice();
	}
}
