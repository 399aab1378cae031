/** A stylesheet: `import '@florin/sdk/styles.css'` once, where your app begins. */
export {}
