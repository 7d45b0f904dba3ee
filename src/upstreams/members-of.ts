/** From what is listed to members: by names, each of them once, and the same member for a name that stays. */
import { shown } from '../names/index.ts';
import { reverseMember } from '../proxy/reverse/index.ts';
import { Member } from './member.ts';
import type { AppSpec, UpstreamSpec, UrlSpec } from './options.ts';
import type { GroupSettings } from './settings.ts';

/** The list as members; those of `before` that are in it stay as they are. Throws TypeError or RangeError for what is no upstream, or twice there. */
export function membersOf(
	list: readonly UpstreamSpec[],
	before: readonly Member[],
	{ reverse }: Pick<GroupSettings, 'reverse'>,
): Member[] {
	const known = new Map(before.map((member) => [member.name, member]));
	const names = new Set<string>();
	return list.map((given) => {
		const spec = checked(given);
		const name = nameOf(spec);
		if (names.has(name)) throw new TypeError(`upstreams: ${name} is listed twice; give one of them a name of its own`);
		names.add(name);
		const { weight = 1 } = spec;
		const member = known.get(name);
		if (member === undefined || member.url !== urlOf(spec)) return memberOf(spec, name, weight, reverse);
		if (member.weight !== weight) {
			member.weight = weight;
			member.share = weight;
		}
		return member;
	});
}

function memberOf(spec: UrlSpec | AppSpec, name: string, weight: number, reverse: GroupSettings['reverse']): Member {
	if ('app' in spec) return new Member({ name, weight, app: spec.app, close: async () => {}, url: null });
	const app = reverseMember(spec.url, reverse);
	return new Member({ name, weight, app, close: () => app.close(), url: String(spec.url) });
}

function checked(given: UpstreamSpec): UrlSpec | AppSpec {
	if (typeof given === 'string' || given instanceof URL) return { url: given };
	if (typeof given !== 'object' || given === null || !('url' in given || 'app' in given))
		throw new TypeError(`upstreams: an upstream is a URL, { url } or { app, name }, not ${shown(given)}`);
	const { name, weight } = given;
	if ('app' in given && typeof given.app !== 'function')
		throw new TypeError(`upstreams: app must be a function, not ${shown(given.app)}`);
	if (name === undefined ? 'app' in given : typeof name !== 'string' || name === '')
		throw new TypeError(`upstreams: name must be text${'app' in given ? ' for an app' : ''}, not ${shown(name)}`);
	if (weight !== undefined && !(typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)))
		throw new RangeError(`upstreams: weight must be a number from 0 up, not ${shown(weight)}`);
	return given;
}

const nameOf = (spec: UrlSpec | AppSpec): string => spec.name ?? String((spec as UrlSpec).url);

const urlOf = (spec: UrlSpec | AppSpec): string | null => ('app' in spec ? null : String(spec.url));
