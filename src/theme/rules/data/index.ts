export { dataOf } from './code-data.ts';
export { type Data, type DataEntry, type DataList, type DataMap, type DataValue, kindName } from './data.ts';
export { itemsOf, MapReader, mapOf, type TextValue, textOf } from './map-reader.ts';
export { readYaml } from './yaml-data.ts';
