"""The Web API, a module per family of methods; `dispatch` holds what all calls share."""
