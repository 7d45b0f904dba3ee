/** Which names of TLS lead elsewhere, as a listener is told it. */
import { checkDestination } from '../engine/tcp/index.ts';

/** `legacy.example`, `*.old.example`, or `*`. */
const NAME = /^(?:\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*)$/i;

/** Where connections for a name lead; the most exact of the names counts. */
export function destinationByName(table: Readonly<Record<string, string>>): (name: string) => string | null {
	const destinations = new Map(Object.entries(table).map(([name, to]) => [name.toLowerCase(), to]));
	return (asked) => {
		const name = asked.toLowerCase().replace(/\.$/, '');
		const exact = destinations.get(name);
		if (exact !== undefined) return exact;
		for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
			const wild = destinations.get(`*${name.slice(dot)}`);
			if (wild !== undefined) return wild;
		}
		return destinations.get('*') ?? null;
	};
}

/** What is wrong with a table, a sentence each. */
export function passThroughFaults(table: unknown, where: string): string[] {
	if (typeof table !== 'object' || table === null || Array.isArray(table))
		return [`${where} is no table of names; write { 'legacy.example': '10.0.0.9:443' }`];
	return Object.entries(table).flatMap(([name, to]) => {
		if (!NAME.test(name))
			return [`${where}: ${JSON.stringify(name)} is no name of a host, and neither *.example nor *`];
		const fault = destinationFault(`${where}[${JSON.stringify(name)}]`, to);
		return fault === null ? [] : [fault];
	});
}

/** What is wrong with `host:port`, or null. */
export function destinationFault(where: string, to: unknown): string | null {
	try {
		checkDestination(where, to);
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}
