/** The name of a file without its folders. */
export const nameOf = path => path.split('/').pop();

/** The path under which the server itself knows a document; rejects one that lies on another drive. */
export function serverPath(app, path) {
  const contents = app.serviceManager.contents;
  const drive = contents.driveName(path);
  if (drive && drive !== 'RTC') {
    throw new Error(`it lies on the drive ${drive}; nbprod works on files of the server`);
  }
  return contents.localPath(path);
}

/** Bring the file up to date with what is on the screen. */
export async function save(panel) {
  const { context } = panel;
  await context.ready;
  if (!context.model.dirty) {
    return;
  }
  if (context.contentsModel?.writable === false) {
    throw new Error('it is read-only and has unsaved changes; save a copy of it and use that');
  }
  await context.save();
  if (context.model.dirty) {
    throw new Error('it could not be saved');
  }
}
