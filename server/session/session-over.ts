/** ConnectWise no longer takes this member's authentication: the session ends and the frame asks who is there again. */
export class SessionOver extends Error {
  constructor() {
    super('ConnectWise no longer takes this session.')
    this.name = 'SessionOver'
  }
}
