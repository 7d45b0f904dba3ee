/**
 * A plan that marks what its rules bring in: `<!--turnabout:rule 3-->…<!--/turnabout:rule 3-->`, by the number of the rule.
 * Inside head there are no marks, since nothing of it is seen; where comments would be text the writer leaves them out.
 * It reads all of a page before it begins to write, so that the two can be measured apart.
 */
import type { CompiledTheme, Plan, Segment } from '../plan/index.ts';
import type { Settlement } from '../tree/index.ts';

export function markedPlan(plan: Plan): Plan {
	return { ...plan, themes: plan.themes.map(markedTheme), nothemes: [WHOLE_PAGE, ...plan.nothemes] };
}

/** Is asked first, when the page is complete, and says no. */
const WHOLE_PAGE: Plan['nothemes'][number] = {
	tests: [],
	settlement: 'end' satisfies Settlement,
	always: false,
	here: false,
	holds: () => false,
};

const markedTheme = (theme: CompiledTheme): CompiledTheme => ({
	...theme,
	segments: new Marker().all(theme.segments),
});

type Hole = Extract<Segment, { kind: 'hole' }>;

class Marker {
	/** Names of the theme's elements around the place. */
	private readonly open: string[] = [];

	all(segments: readonly Segment[]): readonly Segment[] {
		return segments.map((segment) => this.one(segment));
	}

	private one(segment: Segment): Segment {
		switch (segment.kind) {
			case 'literal':
				for (const { what, tree, node } of segment.steps) {
					if (what === 'open') this.open.push(tree.names[node] as string);
					else if (what === 'close') this.open.pop();
				}
				return segment;
			case 'tag':
				this.open.push(segment.name);
				return segment;
			case 'hole':
				return this.open.includes('head') ? segment : markedHole(segment);
			default:
				return {
					...segment,
					cases: segment.cases.map((one) => ({ ...one, segments: this.all(one.segments) })),
					otherwise: this.all(segment.otherwise),
				};
		}
	}
}

function markedHole(hole: Hole): Hole {
	const { fill, rule } = hole;
	if (rule < 0) return hole;
	return {
		...hole,
		fill: (frame, out) => {
			out.comment(`turnabout:rule ${rule}`);
			fill(frame, out);
			out.comment(`/turnabout:rule ${rule}`);
		},
	};
}
