@rem npm runs scripts with cmd on Windows, which has no "exec"; other shells do, and hand Ctrl-C on that way.
@%*
