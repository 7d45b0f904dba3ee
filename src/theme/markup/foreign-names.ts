/**
 * How names of SVG and MathML are spelled. Trees hold them in lower case, as the tokenizer of HTML does; the parser spells
 * them again (HTML section 13.2.6.1), and so do we, for those who read a page otherwise.
 */
import { DOCUMENT_STATE, inside, ON_FOREIGN, ON_MATH, ON_SVG, ruleOf } from './nesting.ts';

const byLowerCase = (names: string): ReadonlyMap<string, string> =>
	new Map(names.split(' ').map((name) => [name.toLowerCase(), name]));

const SVG_ELEMENTS: ReadonlyMap<string, string> = byLowerCase(
	'altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend feColorMatrix ' +
		'feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feFlood ' +
		'feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight ' +
		'feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient radialGradient textPath',
);
const SVG_ATTRIBUTES: ReadonlyMap<string, string> = byLowerCase(
	'attributeName attributeType baseFrequency baseProfile calcMode clipPathUnits diffuseConstant edgeMode ' +
		'filterUnits glyphRef gradientTransform gradientUnits kernelMatrix kernelUnitLength keyPoints keySplines keyTimes ' +
		'lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits numOctaves ' +
		'pathLength patternContentUnits patternTransform patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha ' +
		'preserveAspectRatio primitiveUnits refX refY repeatCount repeatDur requiredExtensions requiredFeatures ' +
		'specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale systemLanguage ' +
		'tableValues targetX targetY textLength viewBox viewTarget xChannelSelector yChannelSelector zoomAndPan',
);
const MATH_ATTRIBUTES: ReadonlyMap<string, string> = byLowerCase('definitionURL');
const NONE: ReadonlyMap<string, string> = new Map();

/** The name of an element in a state of nesting.ts. */
export function spelledElement(name: string, state: number): string {
	return (state & ON_SVG) === 0 ? name : (SVG_ELEMENTS.get(name) ?? name);
}

/** The attributes of an element in that state that are spelled otherwise, by their names in lower case. */
export function spelledAttributes(name: string, state: number): ReadonlyMap<string, string> {
	if ((state & ON_SVG) !== 0) return SVG_ATTRIBUTES;
	if ((state & ON_MATH) !== 0) return name === 'svg' ? SVG_ATTRIBUTES : MATH_ATTRIBUTES;
	return name === 'svg' ? SVG_ATTRIBUTES : name === 'math' ? MATH_ATTRIBUTES : NONE;
}

/** How the tags of one element are written. */
export interface Spelling {
	readonly name: string;
	/** Attributes that are spelled otherwise than in lower case. */
	readonly attributes: ReadonlyMap<string, string>;
	/** A tag that says it is closed is. */
	readonly isForeign: boolean;
}

/** `openNames`: the elements around it, outermost first. */
export function spellingOf(name: string, openNames: readonly string[]): Spelling {
	let state = DOCUMENT_STATE;
	for (const open of openNames) state = inside(state, open, ruleOf(open));
	return {
		name: spelledElement(name, state),
		attributes: spelledAttributes(name, state),
		isForeign: (state & ON_FOREIGN) !== 0 || name === 'svg' || name === 'math',
	};
}
