/** The names of the members that an interface in a source file has. */
export function membersOf(source: string, name: string): string[] {
	const body = new RegExp(`^export interface ${name}\\b.*\\{$([^]*?)^\\}$`, 'm').exec(source)?.[1] ?? '';
	return [...body.matchAll(/^\treadonly (\w+)\??:/gm)].map((match) => match[1] ?? '');
}
