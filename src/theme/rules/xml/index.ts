export { readXml, readXmlFragment } from './read-xml.ts';
export { XIncluder } from './xinclude.ts';
export {
	isBlank,
	qualifiedName,
	type XmlAttribute,
	type XmlComment,
	type XmlElement,
	type XmlNode,
	type XmlText,
} from './xml-tree.ts';
