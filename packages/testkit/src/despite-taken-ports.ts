/** Does it all again, with other ports, if somebody else took a port between the look whether it is free and its use. */
export async function despiteTakenPorts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 3 || !/EADDRINUSE|address already in use|cannot listen on/i.test(String(error))) throw error;
    }
  }
}
