{% load static %}importScripts("{% static 'service_worker.js' %}");
