/**
 * The text of a GraphQL operation that remembers the types of its result and variables. At run time it is a plain string,
 * so nothing of graphql-js travels to the browser.
 */
export type Document<Result, Variables> = string & { readonly __types?: (variables: Variables) => Result }
