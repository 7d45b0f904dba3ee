export { folderPrefix, type OpenTheme, openTheme } from './open-theme.ts';
export { ThemeFileError, type ThemeFileFault } from './theme-file-error.ts';
export { ThemeFiles, type ThemeFilesOptions } from './theme-files.ts';
