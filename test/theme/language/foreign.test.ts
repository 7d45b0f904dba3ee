/** SVG and MathML of the theme, where rules or the prefix change their attributes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTML, themed } from './themed.ts';

const theme = (svg: string): string => `<html><head></head><body>${svg}<p>x</p></body></html>`;

const SVG =
	'<svg viewBox="0 0 1 1"><linearGradient gradientUnits="a" href="x.svg#b"/><foreignObject><img src="i.png"></foreignObject><image href="a.png"/></svg>';

test('a theme with a prefix keeps the names of its SVG, and what is closed stays closed', () => {
	assert.match(
		themed({ theme: theme(SVG), rules: '', options: { ...HTML, prefix: '/p' } }),
		/<body><svg viewBox="0 0 1 1"><linearGradient gradientUnits="a" href="\/p\/x.svg#b"\/><foreignObject><img src="\/p\/i.png"><\/foreignObject><image href="\/p\/a.png"\/><\/svg><p>x<\/p>/,
	);
});

test('rules that change attributes of SVG in the theme keep its names, and what is closed stays closed', () => {
	const rules = `<copy attributes="class" css:theme="svg" css:content="#one"/>
		<copy attributes="class" theme="//*[local-name() = 'lineargradient']" css:content="#one"/>
		<copy attributes="class" css:theme="image" css:content="#one"/>`;
	assert.match(
		themed({ theme: theme(SVG), rules, options: HTML }),
		/<svg viewBox="0 0 1 1" class="k"><linearGradient gradientUnits="a" href="x.svg#b" class="k"\/><foreignObject><img src="i.png"><\/foreignObject><image href="a.png" class="k"\/><\/svg><p>x<\/p>/,
	);
});

test('rules that change attributes of SVG in the content keep its names', () => {
	const content =
		'<html><body><svg id="z" viewBox="0"><clipPath x="y" clipPathUnits="u"></clipPath></svg></body></html>';
	const rules = `<drop attributes="id" css:content="svg"/><replace css:theme="p" css:content="svg"/>
		<drop attributes="x" content="//*[local-name() = 'clippath']"/>`;
	assert.match(
		themed({ theme: theme(''), content, rules, options: HTML }),
		/<body><svg viewBox="0"><clipPath clipPathUnits="u"><\/clipPath><\/svg><\/body>/,
	);
});
